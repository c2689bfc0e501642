"""What a person is shown: functions from a value to a screen, testable without a bot. One module per feature."""
