"""A local Korus Ticket API over real HTTP, for the demo, for training and for tests;
it stands alone and shares no code with the client."""
