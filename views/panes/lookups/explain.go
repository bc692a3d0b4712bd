package lookups

import (
	"dhtop/views/panes/list"
	"dhtop/views/screen"
)

// Explain says what the columns of the lists of a lookup are, those of l first.
func Explain(l screen.List) []list.Section {
	steps, peers := stepColumns.Explain("columns of the nodes asked"), peerColumns.Explain("columns of the peers")
	lookups, rounds := columns.Explain("columns of the lookups"), roundColumns.Explain("columns of the rounds")
	switch l {
	case screen.StepList:
		return []list.Section{steps, peers, rounds}
	case screen.PeerList:
		return []list.Section{peers, steps, rounds}
	default:
		return []list.Section{lookups, steps, peers, rounds}
	}
}

// ExplainOf says what the columns of the lookups of one hash are.
func ExplainOf() list.Section { return ofColumns.Explain("columns of the lookups of a hash") }
