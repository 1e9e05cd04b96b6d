"""From plan rules to a Program and its tables: what is looked at in each kind of call, and what is not simply fine."""
