package record

import (
	"bytes"
	"sync"
	"time"
)

// lookKept is how long the unpacked values of a group are kept for the next look at one of them.
const lookKept = 20 * time.Second

// look keeps the values of the group that somebody looks at, so that going back and forth in it unpacks each but once.
type look[T any] struct {
	mu     sync.Mutex // guards all; held while values are unpacked
	of     *group
	length int // bytes of it, in reader
	reader *Reader[T]
	values []*T
	used   time.Time // by the clock of Add
	again  bool      // since then
}

// at returns the value of a moment in a group, and its time.
func (l *look[T]) at(g *group, file []byte, at time.Time) (*T, time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.again = true
	if err := l.open(g, file, at); err != nil {
		return nil, time.Time{}, err
	}
	want := l.reader.Find(at)
	for i := len(l.values); i <= want; i++ {
		v, _, err := l.reader.At(i)
		if err != nil {
			return nil, time.Time{}, err
		}
		l.values = append(l.values, v)
	}
	return l.values[want], l.reader.entries[want].at, nil
}

// open has the group at hand, as far as the moment asks for.
func (l *look[T]) open(g *group, file []byte, at time.Time) error {
	if l.of == g && (l.length == len(file) || !at.After(l.reader.entries[l.reader.Len()-1].at)) {
		return nil
	}
	l.close()
	r, err := NewReader[T](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	if r.Len() == 0 {
		return ErrDamaged
	}
	l.of, l.length, l.reader = g, len(file), r
	return nil
}

// forget frees what nobody has looked at for a while. It waits for nobody.
func (l *look[T]) forget(now time.Time) {
	if !l.mu.TryLock() {
		return
	}
	defer l.mu.Unlock()
	if l.again || now.Before(l.used) {
		l.again, l.used = false, now
	}
	if now.Sub(l.used) > lookKept {
		l.close()
	}
}

func (l *look[T]) close() {
	if l.reader != nil {
		l.reader.Close()
	}
	l.of, l.reader, l.values, l.length = nil, nil, nil, 0
}
