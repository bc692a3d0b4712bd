// Package mask copies values of any type, such as Snapshots, and replaces what identifies people in them. What that is, and
// what stands for it, its caller says by Rules: dhtcore has pseudonyms for recordings that are given away, and views/report
// has networks for screens elsewhere.
//
// The value that is copied does not change. What it shares with the one before, such as the rows of a list, is masked once,
// and their copies share it too: a copy a second costs as much as what has changed, and so do the frames made of it.
package mask

import (
	"errors"
	"reflect"
	"unsafe"
)

// Plan masks a value in its place. What the value points to is shared with the value that was seen: a Plan points it to a
// copy. A nil Plan masks nothing.
type Plan func(v reflect.Value)

// Rules say what is masked, and how. They are asked once for each type and each field of a struct. Where they have no rule,
// known is false, and the parts of the value are masked. Of what is not exported nothing is masked.
type Rules struct {
	Type  func(t reflect.Type) (p Plan, known bool)
	Field func(owner reflect.Type, f reflect.StructField) (p Plan, known bool) // nil for no rules; it goes before Type
}

// Walker masks values by Rules. It is for one goroutine.
type Walker struct {
	rules Rules
	plans map[reflect.Type]Plan

	// The copies of what values have in common: of those of now, and of those before.
	now, before map[part]reflect.Value
}

// part is what two values may have in common: what a pointer points to, the rows of a slice, a map. It keeps them in memory,
// so that nothing else is ever where they are.
type part struct {
	at  unsafe.Pointer
	n   int
	typ reflect.Type
}

// New returns a Walker.
func New(rules Rules) *Walker {
	return &Walker{rules: rules, plans: make(map[reflect.Type]Plan), now: make(map[part]reflect.Value)}
}

// Next begins with the next value: from now on, what was not met since the last call is forgotten.
func (w *Walker) Next() { w.before, w.now = w.now, make(map[part]reflect.Value, len(w.now)) }

// Forget forgets what was met before the last call of Next.
func (w *Walker) Forget() { w.before = nil }

// Copy returns a masked copy of what v points to.
func Copy[T any](w *Walker, v *T) *T {
	masked := *v
	if plan := w.Plan(reflect.TypeFor[T]()); plan != nil {
		plan(reflect.ValueOf(&masked).Elem())
	}
	return &masked
}

// Value is the Plan for values of type T, each of which has something that stands for it.
func Value[T any](of func(T) T) Plan {
	return func(v reflect.Value) {
		p := v.Addr().Interface().(*T)
		*p = of(*p)
	}
}

// Error is the Plan for errors, by their texts.
func Error(text func(string) string) Plan {
	return Value(func(err error) error {
		if err == nil {
			return nil
		}
		return errors.New(text(err.Error()))
	})
}

// String is the Plan for strings.
func String(of func(string) string) Plan {
	return func(v reflect.Value) { v.SetString(of(v.String())) }
}

// once returns what was made of a part, or makes it.
func (w *Walker) once(p part, make func() reflect.Value) reflect.Value {
	made, ok := w.now[p]
	if !ok {
		if made, ok = w.before[p]; !ok {
			made = make()
		}
		w.now[p] = made
	}
	return made
}
