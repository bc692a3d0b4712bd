package record

import (
	"math"
	"reflect"
	"time"
	"unicode/utf8"
)

// unchanged is the node of what does not differ.
type unchanged struct{}

// diff returns the node of how b differs from a: see the package. Both have the layout l.
func (l *layout) diff(a, b reflect.Value) any {
	switch was, is := isNil(a), isNil(b); { // a nil slice may mean another thing than an empty one
	case was && is:
		return unchanged{}
	case is:
		return nil
	case was && l.shape != pointer && l.shape != failure && b.Len() == 0:
		return l.empty(b)
	}
	switch l.shape {
	case scalar:
		if same(a, b) {
			return unchanged{}
		}
		return plain(b)
	case structure:
		return l.diffStruct(a, b)
	case pointer:
		return l.diffPointer(a, b)
	case rows:
		return l.diffRows(a, b)
	case places:
		return l.diffPlaces(a, b)
	case dictionary:
		return l.diffMap(a, b)
	default:
		return l.diffWhole(a, b)
	}
}

// same reports whether two scalars are; NaN is the same as NaN.
func same(a, b reflect.Value) bool {
	if a.Equal(b) {
		return true
	}
	return b.CanFloat() && math.IsNaN(a.Float()) && math.IsNaN(b.Float())
}

// plain is a scalar as CBOR has it.
func plain(v reflect.Value) any {
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	}
	if s := v.String(); utf8.ValidString(s) {
		return s
	}
	return []byte(v.String())
}

// diffWhole is for what is written as a whole where it differs.
func (l *layout) diffWhole(a, b reflect.Value) any {
	switch l.shape {
	case timestamp:
		was, is := a.Interface().(time.Time), b.Interface().(time.Time)
		if was.Equal(is) {
			return unchanged{}
		}
		if is.IsZero() {
			return nil
		}
		return is.UnixNano()
	case address:
		if a.Equal(b) {
			return unchanged{}
		}
		return addrBytes(b)
	case failure:
		return diffError(a, b)
	case bytesOf:
		if sameBytes(a, b) {
			return unchanged{}
		}
		return bytesIn(b)
	default:
		if sameList(a, b) {
			return unchanged{}
		}
		all := make([]any, b.Len())
		for i := range all {
			all[i] = plain(b.Index(i))
		}
		return all
	}
}

func diffError(a, b reflect.Value) any {
	if !a.IsNil() && a.Interface().(error).Error() == b.Interface().(error).Error() {
		return unchanged{}
	}
	return plain(reflect.ValueOf(b.Interface().(error).Error()))
}

// sameMemory reports whether two slices are one.
func sameMemory(a, b reflect.Value) bool {
	return b.Kind() == reflect.Slice && a.Len() == b.Len() && a.UnsafePointer() == b.UnsafePointer()
}

func sameBytes(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	if b.Kind() == reflect.Array {
		return a.Equal(b)
	}
	return string(a.Bytes()) == string(b.Bytes())
}

// bytesIn returns a copy of the bytes of a slice or an array, never nil.
func bytesIn(v reflect.Value) []byte {
	b := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(b), v)
	return b
}

func sameList(a, b reflect.Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	if sameMemory(a, b) {
		return true
	}
	for i := range b.Len() {
		if !same(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}

func (l *layout) diffStruct(a, b reflect.Value) any {
	var changed map[string]any
	for i := range l.fields {
		f := &l.fields[i]
		node := f.of.diff(a.Field(f.index), b.Field(f.index))
		if node == (unchanged{}) {
			continue
		}
		if changed == nil {
			changed = make(map[string]any)
		}
		changed[f.name] = node
	}
	if changed == nil {
		return unchanged{}
	}
	return changed
}

// isNil reports whether v is a nil pointer, slice, map or error.
func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	}
	return false
}

// diffPointer is for immutable values that are not nil: the same pointer means the same value.
func (l *layout) diffPointer(a, b reflect.Value) any {
	switch {
	case a.UnsafePointer() == b.UnsafePointer():
		return unchanged{}
	case a.IsNil():
		return l.elem.whole(b.Elem())
	}
	return l.elem.diff(a.Elem(), b.Elem())
}

// whole is the node of a value that nothing is known of, never unchanged.
func (l *layout) whole(b reflect.Value) any {
	node := l.diff(reflect.Zero(l.typ), b)
	if node != (unchanged{}) {
		return node
	}
	return l.empty(b)
}

// empty is the node of a value that is the zero value of its type, or holds nothing.
func (l *layout) empty(b reflect.Value) any {
	if isNil(b) {
		return nil
	}
	switch l.shape {
	case structure:
		return map[string]any{}
	case places:
		return map[int]any{}
	case rows, list:
		return []any{}
	case dictionary:
		return []any{[]any{}, []any{}}
	case bytesOf:
		return bytesIn(b)
	case scalar:
		return plain(b)
	case address:
		return addrBytes(b)
	default: // a nil pointer, no error, the zero time
		return nil
	}
}

func (l *layout) diffPlaces(a, b reflect.Value) any {
	var changed map[int]any
	for i := range b.Len() {
		node := l.elem.diff(a.Index(i), b.Index(i))
		if node == (unchanged{}) {
			continue
		}
		if changed == nil {
			changed = make(map[int]any)
		}
		changed[i] = node
	}
	if changed == nil {
		return unchanged{}
	}
	return changed
}

func (l *layout) diffMap(a, b reflect.Value) any {
	if a.UnsafePointer() == b.UnsafePointer() {
		return unchanged{}
	}
	changed, gone := []any{}, []any{}
	for each := b.MapRange(); each.Next(); {
		var node any
		if old := a.MapIndex(each.Key()); old.IsValid() {
			node = l.elem.diff(old, each.Value())
		} else {
			node = l.elem.whole(each.Value())
		}
		if node != (unchanged{}) {
			changed = append(changed, []any{l.key.whole(each.Key()), node})
		}
	}
	for each := a.MapRange(); each.Next(); {
		if !b.MapIndex(each.Key()).IsValid() {
			gone = append(gone, l.key.whole(each.Key()))
		}
	}
	if len(changed)+len(gone) == 0 {
		return unchanged{}
	}
	return []any{changed, gone}
}
