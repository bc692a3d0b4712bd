package store

import (
	"sync"
	"sync/atomic"
)

// handles maps integers to Go values, because a statement can carry an integer to what SQLite calls back but not a
// pointer (compare runtime/cgo.Handle).
type handles[T any] struct {
	last   atomic.Int64
	values sync.Map // *T by handle, from 1 on
}

// add returns a handle by which get finds v until release is called.
func (h *handles[T]) add(v *T) (handle int64, release func()) {
	handle = h.last.Add(1)
	h.values.Store(handle, v)
	return handle, func() { h.values.Delete(handle) }
}

// get returns nil for a handle that was never given out, or was released.
func (h *handles[T]) get(handle int64) *T {
	v, _ := h.values.Load(handle)
	found, _ := v.(*T)
	return found
}
