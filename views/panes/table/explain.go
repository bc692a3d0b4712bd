package table

import "dhtop/views/panes/list"

// Explain says what the columns of the nodes are.
func Explain() []list.Section { return []list.Section{columns.Explain("columns of the nodes")} }
