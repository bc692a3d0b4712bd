package panes

import (
	"dhtop/views/panes/hashes"
	"dhtop/views/panes/list"
	"dhtop/views/panes/lookups"
	"dhtop/views/panes/packets"
	"dhtop/views/panes/table"
	"dhtop/views/panes/tracker"
	"dhtop/views/panes/traffic"
	"dhtop/views/panes/watch"
	"dhtop/views/screen"
)

// explain returns the parts of the help that explain the columns and the figures of a pane, those of the list that the
// keys are in first, and those of the status bar last.
func explain(st *screen.State) []list.Section {
	l := st.List()
	var sections []list.Section
	switch st.Pane {
	case screen.OverviewPane:
		sections = append(hashes.Explain()[:1], newsHelp, bucketHelp)
	case screen.HashesPane:
		sections = hashes.Explain()
	case screen.TablePane:
		sections = append(table.Explain(), bucketHelp, nodeHelp)
	case screen.LookupsPane:
		sections = append(lookups.Explain(l), lookupHelp)
	case screen.PacketsPane:
		sections = packets.Explain(l)
	case screen.CrawlPane:
		sections = []list.Section{crawlHelp}
	case screen.TrackerPane:
		sections = tracker.Explain()
	case screen.WatchPane:
		sections = watch.Explain()
	case screen.TrafficPane:
		sections = traffic.Explain(st.View)
	case screen.LabPane:
		sections = []list.Section{labHelp}
	}
	if st.Past != nil {
		sections = append(sections, scrubHelp)
	}
	return append(sections, statusHelp, doctorHelp)
}
