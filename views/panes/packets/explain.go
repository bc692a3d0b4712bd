package packets

import (
	"dhtop/views/panes/list"
	"dhtop/views/screen"
)

// Explain says what the columns of the log are, or those of an opened packet.
func Explain(l screen.List) []list.Section {
	if l == screen.FieldList {
		return []list.Section{fieldColumns.Explain("columns of the fields")}
	}
	return []list.Section{columns.Explain("columns of the packets")}
}
