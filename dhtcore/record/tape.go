package record

import (
	"bytes"
	"slices"
	"sync"
	"time"
)

// Tape keeps the last hours of a series in bounded memory, in less detail the older they are. All methods may be called
// by any goroutine; Add by one at a time.
type Tape[T any] struct {
	mu     sync.Mutex // guards the groups of the tracks, and last
	tracks []track[T] // the most detailed first
	last   time.Time  // of the newest value
}

// Track is how much of the past is kept in what detail.
type Track struct {
	Every time.Duration // between two values
	Group time.Duration // from base to base
	Size  int           // bytes at most; the newest value is kept whatever its size
}

// rareFrom is from when on values come so rarely that their encoder is not worth its memory in between.
const rareFrom = 5 * time.Second

// groupShare is how many parts of a track's size a group takes at most: as many at least can be kept.
const groupShare = 4

// track is a Track with what it holds.
type track[T any] struct {
	Track
	writer *Writer[T]
	next   time.Time // when a value is due
	groups []*group  // oldest first; the last one grows
	size   int       // bytes of all
}

// group is a recording of its own. Its bytes are only ever added to.
type group struct {
	first, last time.Time
	file        bytes.Buffer
}

// NewTape returns an empty Tape with such tracks, the most detailed first.
func NewTape[T any](tracks ...Track) *Tape[T] {
	t := new(Tape[T])
	for _, k := range tracks {
		t.tracks = append(t.tracks, track[T]{Track: k})
	}
	return t
}

// Add adds the value of a moment, which must not change any more, to the tracks in which one is due.
func (t *Tape[T]) Add(at time.Time, v *T) error {
	for i := range t.tracks {
		k := &t.tracks[i]
		if at.Before(k.next) && k.next.Sub(at) <= k.Every { // a clock that was set back does not stop it
			continue
		}
		k.next = at.Add(k.Every)
		if err := t.add(k, at, v); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tape[T]) add(k *track[T], at time.Time, v *T) (err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k.full(at) {
		g := &group{first: at}
		if k.writer, err = NewWriter[T](&g.file); err != nil {
			return err
		}
		k.writer.whole, k.writer.out.rare = true, k.Every >= rareFrom
		k.groups = append(k.groups, g)
	}
	g := k.groups[len(k.groups)-1]
	before := g.file.Len()
	if err := k.writer.Write(at, v); err != nil {
		return err
	}
	g.last, t.last = at, at
	k.size += g.file.Len() - before
	for k.size > k.Size && len(k.groups) > 1 {
		k.size -= k.groups[0].file.Len()
		k.groups[0] = nil
		k.groups = k.groups[1:]
	}
	return nil
}

// full reports whether the value of a moment begins a group.
func (k *track[T]) full(at time.Time) bool {
	if len(k.groups) == 0 {
		return true
	}
	g := k.groups[len(k.groups)-1]
	return at.Sub(g.first) >= k.Group || at.Before(g.last) || g.file.Len() >= k.Size/groupShare
}

// Span returns the times of the oldest and the newest value; zero for none. After the clock was set back there may be older
// values of times after the newest one, which At passes over.
func (t *Tape[T]) Span() (first, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.tracks {
		for _, g := range t.tracks[i].groups {
			if first.IsZero() || g.first.Before(first) {
				first = g.first
			}
		}
	}
	return first, t.last
}

// Size returns how many bytes the Tape holds.
func (t *Tape[T]) Size() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.tracks {
		n += t.tracks[i].size
	}
	return n
}

// At returns the value of a moment, in the most detail that there is, and its time; nil for an empty Tape. Before the
// oldest value it returns that one. It unpacks up to a group, which takes milliseconds.
func (t *Tape[T]) At(at time.Time) (*T, time.Time, error) {
	file := t.groupAt(at)
	if file == nil {
		return nil, time.Time{}, nil
	}
	r, err := NewReader[T](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, time.Time{}, err
	}
	defer r.Close()
	return r.At(r.Find(at))
}

// groupAt returns the recording that holds a moment.
func (t *Tape[T]) groupAt(at time.Time) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	var oldest *group
	for i := range t.tracks {
		for _, g := range slices.Backward(t.tracks[i].groups) {
			if !g.first.After(at) {
				return g.file.Bytes()
			}
			if oldest == nil || g.first.Before(oldest.first) {
				oldest = g
			}
		}
	}
	if oldest == nil {
		return nil
	}
	return oldest.file.Bytes()
}
