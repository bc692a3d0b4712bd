package record

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"time"
)

// shape says how values of a type are written.
type shape uint8

const (
	scalar     shape = iota // a bool, a number, a string
	bytesOf                 // a slice or an array of bytes
	list                    // a slice or an array of scalars: written whole
	timestamp               // a time.Time
	address                 // marshals itself: netip's types
	failure                 // an error: its text
	structure               // a struct: by its fields
	pointer                 // to a value of any shape
	rows                    // a slice of structs, of pointers to structs, or of slices
	places                  // an array of structs
	dictionary              // a map
)

var (
	timeType  = reflect.TypeFor[time.Time]()
	errorType = reflect.TypeFor[error]()
	addrTypes = []reflect.Type{reflect.TypeFor[netip.Addr](), reflect.TypeFor[netip.AddrPort](), reflect.TypeFor[netip.Prefix]()}
)

// layout is what is known of a type, once.
type layout struct {
	shape  shape
	fields []field // of a structure
	elem   *layout // of a pointer, rows, places, a list or a dictionary
	key    *layout // of a dictionary
	named  bool    // a scalar that is an enumeration
	row    []int   // index of the field by which a row is found again; nil for its place
	typ    reflect.Type
}

type field struct {
	name  string
	index int
	of    *layout
}

// layouts makes the layouts of types, each once: types may hold themselves.
type layouts map[reflect.Type]*layout

// of returns the layout of a type. Unexported fields and those with the tag record:"-" are left out.
func (ls layouts) of(t reflect.Type) (*layout, error) {
	if l := ls[t]; l != nil {
		return l, nil
	}
	l := &layout{typ: t}
	ls[t] = l
	return l, ls.fill(l)
}

func (ls layouts) fill(l *layout) (err error) {
	t := l.typ
	switch {
	case t == timeType:
		l.shape = timestamp
		return nil
	case t == errorType:
		l.shape = failure
		return nil
	case isAddr(t):
		l.shape = address
		return nil
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		l.shape, l.named = scalar, named(t)
	case reflect.Pointer:
		l.shape = pointer
		l.elem, err = ls.of(t.Elem())
	case reflect.Slice, reflect.Array:
		err = ls.fillList(l)
	case reflect.Map:
		l.shape = dictionary
		if l.key, err = ls.of(t.Key()); err == nil {
			l.elem, err = ls.of(t.Elem())
		}
	case reflect.Struct:
		l.shape = structure
		err = ls.fillStruct(l)
	default:
		err = errors.New("it is neither a value nor made of values")
	}
	if err != nil {
		return fmt.Errorf("%s cannot be recorded: %w", t, err)
	}
	return nil
}

func isAddr(t reflect.Type) bool { return slices.Contains(addrTypes, t) }

func (ls layouts) fillList(l *layout) (err error) {
	if l.typ.Elem() == reflect.TypeFor[byte]() {
		l.shape = bytesOf
		return nil
	}
	if l.elem, err = ls.of(l.typ.Elem()); err != nil {
		return err
	}
	switch {
	case l.elem.shape == scalar:
		l.shape = list
	case l.typ.Kind() == reflect.Array:
		l.shape = places
	default:
		l.shape = rows
		l.row = rowKey(l.typ.Elem())
	}
	return nil
}

func (ls layouts) fillStruct(l *layout) error {
	for i := range l.typ.NumField() {
		f := l.typ.Field(i)
		if !f.IsExported() || f.Tag.Get("record") == "-" {
			continue
		}
		of, err := ls.of(f.Type)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		l.fields = append(l.fields, field{f.Name, i, of})
	}
	return nil
}

// rowKey returns the field by which a row is found again: its number, its hash or ID, its address; nil for none.
func rowKey(t reflect.Type) []int {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, is := range []func(reflect.StructField) bool{
		func(f reflect.StructField) bool { return f.Name == "Seq" },
		func(f reflect.StructField) bool { return f.Type.Kind() == reflect.Array && f.Type.Len() == 20 },
		func(f reflect.StructField) bool { return isAddr(f.Type) },
	} {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && is(f) {
				return f.Index
			}
		}
	}
	return nil
}
