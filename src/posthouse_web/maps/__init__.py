"""地图: where villages, stations, outlets, routes and lines are, month by month, before and after a plan."""
