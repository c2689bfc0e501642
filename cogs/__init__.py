"""How the product speaks Discord: one cog per feature, cards for what is shown, one way out for every answer."""
