package record

import "reflect"

// diffRows is the node of a slice. Rows are found again by their key, wherever they have moved; without a key, or where
// it occurs twice, by their place among those that are left.
func (l *layout) diffRows(a, b reflect.Value) any {
	if sameMemory(a, b) || a.Len()+b.Len() == 0 {
		return unchanged{}
	}
	find := l.finder(a)
	ops := []any{}
	from, n := 0, 0 // the run of rows that are copied
	flush := func() {
		if n > 0 {
			ops = append(ops, []any{from, n})
		}
		n = 0
	}
	for i := range b.Len() {
		row := b.Index(i)
		old := find(row, i)
		if old < 0 {
			flush()
			ops = append(ops, []any{l.elem.whole(row)})
			continue
		}
		node := l.elem.diff(a.Index(old), row)
		switch {
		case node != (unchanged{}):
			flush()
			ops = append(ops, []any{old, 0, node})
		case n > 0 && old == from+n:
			n++
		default:
			flush()
			from, n = old, 1
		}
	}
	flush()
	if len(ops) == 1 && a.Len() == b.Len() {
		if op, _ := ops[0].([]any); len(op) == 2 && op[0] == 0 {
			return unchanged{} // all of them, where they were
		}
	}
	return ops
}

// finder returns a function that finds the row of a that a row is likely to have been; negative for none.
func (l *layout) finder(a reflect.Value) func(row reflect.Value, i int) int {
	if l.row == nil {
		return func(_ reflect.Value, i int) int {
			if i < a.Len() {
				return i
			}
			return -1
		}
	}
	places := make(map[any][]int, a.Len())
	for i := range a.Len() {
		if k := l.keyOf(a.Index(i)); k != nil {
			places[k] = append(places[k], i)
		}
	}
	return func(row reflect.Value, i int) int {
		k := l.keyOf(row)
		if k == nil && i < a.Len() && a.Index(i).IsNil() {
			return i
		}
		left := places[k]
		if len(left) == 0 {
			return -1
		}
		places[k] = left[1:]
		return left[0]
	}
}

// keyOf returns the key of a row; nil for a nil pointer.
func (l *layout) keyOf(row reflect.Value) any {
	if row.Kind() == reflect.Pointer {
		if row.IsNil() {
			return nil
		}
		row = row.Elem()
	}
	return row.FieldByIndex(l.row).Interface()
}
