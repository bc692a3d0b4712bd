package ui

import (
	"strings"

	"dhtop/dhtcore/filter"
	"dhtop/views/screen"
)

// groupFilter is the heading of what filters can ask, in the help.
const groupFilter = "filter (/): all terms must hold"

// FilterTerms explains the terms that all lists have, for the help and the manual page.
func FilterTerms() []screen.Key {
	return []screen.Key{
		{Keys: "word", Help: "text of the row; a state or a kind as a whole"},
		{Keys: `"two words"`, Help: "text with blanks; also after a field"},
		{Keys: "~regex", Help: "a regular expression"},
		{Keys: "!term", Help: "the term does not hold"},
		{Keys: "field:word", Help: "contains; states, addresses: begins with"},
		{Keys: "field=word", Help: "is exactly; field~regex matches"},
		{Keys: "field>number", Help: "< <= >= =; 10k, 200 (ms), 1.5s, 5m, 2h"},
	}
}

// filterHelp explains the filter of a list, for the help.
func filterHelp(l screen.List) []screen.Key {
	language := l.Context().Filter
	if language == nil {
		return nil
	}
	keys := FilterTerms()
	for i := range language.Fields {
		keys = append(keys, screen.Key{Keys: language.Fields[i].Usual(), Help: FieldHelp(&language.Fields[i])})
	}
	for i := range keys {
		keys[i].Group = groupFilter
	}
	return keys
}

// FieldHelp says what a field of a filter is, and which words it may be.
func FieldHelp(f *filter.Field) string {
	if len(f.Values) == 0 {
		return f.Help
	}
	return f.Help + ": " + strings.Join(f.Values, ", ")
}

// FilterLists returns the lists that can be filtered, by name, and what their filters can ask.
func FilterLists() (lists []FilterList) {
	for l := range screen.Lists {
		if language := l.Context().Filter; language != nil {
			lists = append(lists, FilterList{l.String(), language.Fields})
		}
	}
	return lists
}

// FilterList is a list that can be filtered.
type FilterList struct {
	Name   string
	Fields []filter.Field
}
