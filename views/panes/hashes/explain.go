package hashes

import (
	"dhtop/views/panes/list"
	"dhtop/views/panes/lookups"
)

// Explain says what the columns of the ranking are, and those of the lists of one hash.
func Explain() []list.Section {
	return []list.Section{columns.Explain("columns of the hashes"), sourceColumns.Explain("columns of the sources of a hash"),
		swarmColumns.Explain("columns of the swarm of a hash"), trackerColumns.Explain("columns of the trackers of a hash"), lookups.ExplainOf()}
}
