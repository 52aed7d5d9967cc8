"""A year's reports about creators: what each earned by quarter, frozen when its months are closed."""
