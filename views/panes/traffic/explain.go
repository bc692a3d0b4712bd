package traffic

import (
	"dhtop/dhtcore"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
)

// Explain says what the columns of a view are.
func Explain(v screen.View) []list.Section {
	switch v {
	case screen.ClientsView:
		return []list.Section{clients.Explain("columns of the clients")}
	case screen.NetworksView:
		return []list.Section{networks.Explain("columns of the networks")}
	case screen.KeptView:
		return []list.Section{kept.Explain("columns of what is kept")}
	case screen.HistoryView:
		history := list.Section{Title: "the figures"}
		for i := range dhtcore.Figures {
			f := &dhtcore.Figures[i]
			history.Rows = append(history.Rows, list.Explained{Name: f.Name, About: f.About + " Normal: " + f.Normal})
		}
		return []list.Section{figures.Explain("columns of the figures"), history}
	default:
		return []list.Section{methods.Explain("columns of the methods")}
	}
}
