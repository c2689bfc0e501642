"""Types for ids that cross folders, so that ids of two kinds are never mixed up."""

from typing import NewType

GuildId = NewType("GuildId", int)
"""A Discord server; Discord calls it a guild."""
UserId = NewType("UserId", int)
"""A Discord account."""
ChannelId = NewType("ChannelId", int)
"""A Discord channel: of direct messages, or of a course."""
MessageId = NewType("MessageId", int)
"""A Discord message."""
CohortId = NewType("CohortId", int)
EnrolmentId = NewType("EnrolmentId", int)
GoalId = NewType("GoalId", int)
ActionId = NewType("ActionId", int)
NudgeId = NewType("NudgeId", int)
ContactId = NewType("ContactId", int)
SpaceId = NewType("SpaceId", int)
AlertId = NewType("AlertId", int)
OpportunityId = NewType("OpportunityId", int)
FeedbackId = NewType("FeedbackId", int)
WeekId = NewType("WeekId", int)
"""A week of a course's plan."""
PortfolioEntryId = NewType("PortfolioEntryId", int)
InstructorMessageId = NewType("InstructorMessageId", int)
"""An instructor's text to several members; a MessageId is Discord's."""
