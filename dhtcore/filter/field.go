package filter

import (
	"net/netip"
	"slices"
	"strings"
)

// Kind says what a field holds, and so what can be asked of it.
type Kind uint8

// The kinds of fields.
const (
	Text     Kind = iota
	Enum          // one of a few words
	Net           // an address, with or without a port
	Number        // a count or a rate
	Duration      // how long something took; a number without a unit is in milliseconds
	Age           // how long ago something was; a number without a unit is in seconds
)

// Field describes a field of the rows of a list.
type Field struct {
	Name     string   // lower case, one word; "" for text of the row that only words and patterns find
	Aliases  []string // other names of it
	Kind     Kind
	Help     string            // a few words: what it is
	Values   []string          // of an Enum
	Synonyms map[string]string // of some Values
	Aside    bool              // words and patterns without a field pass it over: the row shows it in another field
}

// Column is a field and how it is read from a row of type R.
type Column[R any] struct {
	Field
	Text   func(dst []byte, row *R) []byte // appends what the row shows; of a Text, an Enum, a Net without Addr
	Addr   func(row *R) netip.AddrPort     // of a Net that is never masked
	Number func(row *R) float64            // NaN where it is unknown; seconds of a Duration and an Age
}

// Table is the columns of a list.
type Table[R any] []Column[R]

// Fields returns the fields that have a name.
func (t Table[R]) Fields() []Field {
	fields := make([]Field, 0, len(t))
	for i := range t {
		if t[i].Name != "" {
			fields = append(fields, t[i].Field)
		}
	}
	return fields
}

// called reports whether name, in lower case, is a name of the field.
func (f *Field) called(name string) bool {
	return name != "" && (f.Name == name || slices.Contains(f.Aliases, name))
}

// meant returns the values that start with word, in lower case; only the one that equals it if exact.
func (f *Field) meant(word string, exact bool) (values []string) {
	if value, ok := f.Synonyms[word]; ok {
		return []string{value}
	}
	for _, value := range f.Values {
		if value == word {
			return []string{value}
		}
		if !exact && strings.HasPrefix(value, word) {
			values = append(values, value)
		}
	}
	return values
}

// numeric reports whether the field is a number.
func (f *Field) numeric() bool { return f.Kind >= Number }

// Usual is how a term on the field usually begins: "rtt>", "client:".
func (f *Field) Usual() string {
	switch f.Kind {
	case Number, Duration:
		return f.Name + ">"
	case Age:
		return f.Name + "<"
	default:
		return f.Name + ":"
	}
}

// Example is what may follow Usual, for help.
func (f *Field) Example() string {
	switch f.Kind {
	case Number:
		return f.Name + ">10"
	case Duration:
		return f.Name + ">200"
	case Age:
		return f.Name + "<1m"
	case Net:
		return f.Name + ":91.201."
	case Enum:
		if len(f.Values) > 0 {
			return f.Name + ":" + f.Values[0]
		}
	}
	return f.Name + ":word"
}
