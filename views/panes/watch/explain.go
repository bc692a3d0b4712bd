package watch

import "dhtop/views/panes/list"

// Explain says what the columns of the watch list are.
func Explain() []list.Section {
	return []list.Section{watched.Explain("columns of the watch list")}
}
