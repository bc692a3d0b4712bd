package store

import (
	"sync"
	"sync/atomic"
)

// loans are what SQLite is to find when it calls back: a statement can tell it a number, but no pointer.
type loans[T any] struct {
	last     atomic.Int64
	byNumber sync.Map // *T by number, from 1 on
}

// lend returns the number under which v is found until takeBack is called.
func (l *loans[T]) lend(v *T) (number int64, takeBack func()) {
	number = l.last.Add(1)
	l.byNumber.Store(number, v)
	return number, func() { l.byNumber.Delete(number) }
}

// get returns nil where nothing is lent.
func (l *loans[T]) get(number int64) *T {
	v, _ := l.byNumber.Load(number)
	found, _ := v.(*T)
	return found
}
