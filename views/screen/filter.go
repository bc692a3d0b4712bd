package screen

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
)

// Filter is the filter of a list, compiled. It is immutable, but belongs to one goroutine.
type Filter struct {
	text   string
	rule   any // the filter of the list's rows
	passes any // func(*R) bool: the same for those rows
	sift   func(st *State, s *dhtcore.Snapshot)
}

// String returns the filter as it was typed, "" for nil.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Sift leaves in s, a copy of a Snapshot, the rows that pass.
func (f *Filter) Sift(st *State, s *dhtcore.Snapshot) { f.sift(st, s) }

// Language is what the filters of a list can ask.
type Language struct {
	Fields []filter.Field
	parse  func(text string) (*Filter, error)
}

// Parse compiles a filter; nil for one that says nothing. With an error that filter.IsUnfinished knows comes the
// filter that the finished terms make.
func (l *Language) Parse(text string) (*Filter, error) { return l.parse(text) }

// languageOf is the language of a table. sift leaves the rows that pass in a copy of a Snapshot; nil where State
// leaves them out.
func languageOf[R any](t filter.Table[R], sift func(st *State, s *dhtcore.Snapshot, passes func(*R) bool)) *Language {
	return &Language{t.Fields(), func(text string) (*Filter, error) {
		rule, err := t.Parse(text)
		if rule == nil {
			return nil, err
		}
		var buf []byte
		passes := func(row *R) bool { return rule.Match(row, &buf) }
		f := &Filter{text: rule.String(), rule: rule, passes: passes, sift: func(*State, *dhtcore.Snapshot) {}}
		if sift != nil {
			f.sift = func(st *State, s *dhtcore.Snapshot) { sift(st, s, passes) }
		}
		return f, err
	}}
}

// rowsPass returns the filter of a list whose rows State leaves out, while the keys are in it; nil where all pass.
func rowsPass[R any](st *State, l List) func(*R) bool {
	if f := st.Filters[l]; f != nil && st.Focus() == l {
		return f.passes.(func(*R) bool)
	}
	return nil
}

// kept returns the rows that pass.
func kept[T any](all []T, passes func(*T) bool) []T {
	var some []T
	for i := range all {
		if passes(&all[i]) {
			some = append(some, all[i])
		}
	}
	return some
}

// PacketFilter is the filter of the log of packets, which the core applies as they pass; nil for all.
func (st *State) PacketFilter() *dhtcore.PacketFilter {
	if f := st.Filters[PacketList]; f != nil {
		return f.rule.(*dhtcore.PacketFilter)
	}
	return nil
}
