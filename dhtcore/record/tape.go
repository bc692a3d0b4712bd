package record

import (
	"bytes"
	"slices"
	"sync"
	"time"
)

// Tape keeps the last hours of a series in bounded memory, in less detail the older they are. All methods may be called
// by any goroutine, and none waits for one that packs or unpacks; Add by one at a time.
type Tape[T any] struct {
	look look[T]

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
	writer *Writer[T] // to packed
	packed bytes.Buffer
	next   time.Time // when a value is due
	groups []*group  // oldest first; the last one grows
	size   int       // bytes of all
}

// group is a recording of its own. Its bytes are only ever added to.
type group struct {
	first, last time.Time
	file        []byte
}

// NewTape returns an empty Tape with such tracks, the most detailed first.
func NewTape[T any](tracks ...Track) *Tape[T] {
	t := &Tape[T]{tracks: make([]track[T], len(tracks))}
	for i, k := range tracks {
		t.tracks[i].Track = k
	}
	return t
}

// Add adds the value of a moment, which must not change any more, to the tracks in which one is due.
func (t *Tape[T]) Add(at time.Time, v *T) error {
	t.look.forget(at)
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
	full := k.full(at)
	if full {
		if k.writer, err = NewWriter[T](&k.packed); err != nil {
			return err
		}
		k.writer.whole, k.writer.out.rare = true, k.Every >= rareFrom
	}
	err = k.writer.Write(at, v)
	t.mu.Lock()
	defer t.mu.Unlock()
	if full {
		k.close()
		k.groups = append(k.groups, &group{first: at})
	}
	g := k.groups[len(k.groups)-1]
	g.file = append(g.file, k.packed.Bytes()...)
	k.size += k.packed.Len()
	if k.packed.Cap() > spareSize {
		k.packed = bytes.Buffer{}
	}
	k.packed.Reset()
	g.last, t.last = at, at
	for k.size > k.Size && len(k.groups) > 1 {
		k.size -= len(k.groups[0].file)
		k.groups[0] = nil
		k.groups = k.groups[1:]
	}
	return err
}

// full reports whether the value of a moment begins a group.
func (k *track[T]) full(at time.Time) bool {
	if len(k.groups) == 0 {
		return true
	}
	g := k.groups[len(k.groups)-1]
	return at.Sub(g.first) >= k.Group || at.Before(g.last) || len(g.file) >= k.Size/groupShare
}

// close frees the memory into which the last group does not grow any more.
func (k *track[T]) close() {
	if n := len(k.groups); n > 0 {
		k.groups[n-1].file = bytes.Clone(k.groups[n-1].file)
	}
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
// oldest value it returns that one. The first of a group takes some milliseconds to unpack, its neighbours hardly any.
func (t *Tape[T]) At(at time.Time) (*T, time.Time, error) {
	g, file := t.groupAt(at)
	if g == nil {
		return nil, time.Time{}, nil
	}
	return t.look.at(g, file, at)
}

// groupAt returns the group that holds a moment, and what it holds so far.
func (t *Tape[T]) groupAt(at time.Time) (*group, []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var oldest *group
	for i := range t.tracks {
		for _, g := range slices.Backward(t.tracks[i].groups) {
			if !g.first.After(at) {
				return g, g.file
			}
			if oldest == nil || g.first.Before(oldest.first) {
				oldest = g
			}
		}
	}
	if oldest == nil {
		return nil, nil
	}
	return oldest, oldest.file
}
