package tracker

import "dhtop/views/panes/list"

// Explain says what the columns of the swarms, the requests and the clients are.
func Explain() []list.Section {
	return []list.Section{swarms.Explain("columns of the tracker's swarms"), requests.Explain("columns of the tracker's requests"),
		clients.Explain("columns of the tracker's clients")}
}
