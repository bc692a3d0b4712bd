package ui

import (
	"io"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// showsTraffic reports whether the views of the traffic pane are shown, and nothing lies over them.
func (m *Model) showsTraffic() bool {
	return m.state.Pane == screen.TrafficPane && overlay(&m.state) == ""
}

// methodContent is the traffic by method.
func methodContent(_ *screen.State, s *dhtcore.Snapshot, _ report.Options) (exportContent, error) {
	rows := report.NewMethods(&s.Traffic, screen.Methods(s))
	return exportContent{"the traffic by method", "traffic", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteMethods(w, f, rows)
	}}, nil
}

func clientContent(_ *screen.State, s *dhtcore.Snapshot, _ report.Options) (exportContent, error) {
	clients := s.Tally.Clients
	return exportContent{human.Amount(len(clients.Rows), "client", "clients"), "clients", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteClients(w, f, report.NewClients(&clients))
	}}, nil
}

func networkContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	shown := st.Networks(s)
	return exportContent{human.Amount(len(shown), "network", "networks"), "networks", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteNetworks(w, f, report.NewNetworks(shown, o))
	}}, nil
}

// historyContent is all samples that are kept.
func historyContent(_ *screen.State, s *dhtcore.Snapshot, _ report.Options) (exportContent, error) {
	samples := s.History.Samples
	return exportContent{human.Amount(len(samples), "minute", "minutes") + " of history", "history", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteHistory(w, f, report.NewHistory(samples))
	}}, nil
}
