"""How times are written in English: "2:30 PM". Django's own "2:30 p.m." ends a sentence with two dots."""

TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "N j, Y, g:i A"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
