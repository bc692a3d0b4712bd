package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
)

// FileExt is how the names of recordings in a directory end.
const FileExt = ".dhtrec"

// followEvery is how often Playback.Follow looks whether more was recorded.
const followEvery = time.Second

// Playback is what was recorded in one file or several. Its methods
// are safe for concurrent use.
type Playback[T any] struct {
	paths []string // that were named: files and directories

	reading sync.Mutex    // guards what follows; it is held while a picture is unpacked
	parts   []*segment[T] // in the order of time
	current *segment[T]   // that was read last; nil for none

	mu   sync.Mutex // guards span, which is asked for often
	span span
}

// span is what is known of a Playback without reading it.
type span struct {
	first, last time.Time
	gaps        int
}

// segment is one file of a Playback. It is open while it is read.
type segment[T any] struct {
	path   string
	size   int64
	file   *os.File // nil while it is closed
	reader *Reader[T]
}

// ReadAt implements io.ReaderAt.
func (p *segment[T]) ReadAt(b []byte, at int64) (n int, err error) {
	if p.file == nil {
		if p.file, err = os.Open(p.path); err != nil {
			return 0, err
		}
	}
	return p.file.ReadAt(b, at)
}

func (p *segment[T]) close() {
	p.reader.Close()
	if p.file != nil {
		p.file.Close() //nolint:errcheck // it was only read
		p.file = nil
	}
}

// first returns the time of the first picture; zero for none.
func (p *segment[T]) first() time.Time {
	first, _ := p.reader.Span()
	return first
}

// OpenPlayback opens recordings, which are played one after another: files, and directories of them. The error of a
// file that is none is ErrNoRecording. Close it.
func OpenPlayback[T any](paths ...string) (*Playback[T], error) {
	r := &Playback[T]{paths: paths}
	if err := r.refresh(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// refresh takes in what was recorded since.
func (r *Playback[T]) refresh() error {
	r.reading.Lock()
	defer r.reading.Unlock()
	for _, path := range r.paths {
		files, err := recordingsAt(path)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := r.grow(file); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	slices.SortStableFunc(r.parts, func(a, b *segment[T]) int {
		return cmp.Or(a.first().Compare(b.first()), cmp.Compare(a.path, b.path))
	})
	r.measure()
	return nil
}

// recordingsAt returns the recordings at a path: of a directory those in it, in the order of their names.
func recordingsAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == FileExt && e.Type().IsRegular() {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no recording is in this directory: they end in %s", path, FileExt)
	}
	return files, nil
}

// grow opens a file, or takes in what was added to it.
func (r *Playback[T]) grow(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(r.parts, func(p *segment[T]) bool { return p.path == path }); i >= 0 {
		p := r.parts[i]
		if info.Size() <= p.size {
			return nil
		}
		p.size = info.Size()
		return p.reader.Grow(p.size)
	}
	if !info.Mode().IsRegular() {
		return errors.New("this is no regular file: copy the recording into one")
	}
	p := &segment[T]{path: path, size: info.Size()}
	if p.reader, err = NewReader[T](p, p.size); err != nil {
		if p.file != nil {
			p.file.Close() //nolint:errcheck // it was only read
		}
		return err
	}
	p.close()
	r.parts = append(r.parts, p)
	return nil
}

// measure puts into span what is known. reading is held.
func (r *Playback[T]) measure() {
	var s span
	for _, p := range r.parts {
		s.gaps += p.reader.Damaged()
		first, last := p.reader.Span()
		if first.IsZero() {
			continue
		}
		if s.first.IsZero() {
			s.first = first
		}
		if last.After(s.last) {
			s.last = last
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.span = s
}

// Span returns the times of the first and the last picture; zero for none.
func (r *Playback[T]) Span() (first, last time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.span.first, r.span.last
}

// Gaps returns how many gaps of damage were found so far.
func (r *Playback[T]) Gaps() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.span.gaps
}

// Files returns the paths of the recordings, in the order in which they play.
func (r *Playback[T]) Files() (paths []string) {
	r.reading.Lock()
	defer r.reading.Unlock()
	for _, p := range r.parts {
		paths = append(paths, p.path)
	}
	return paths
}

// At returns the last whole picture at or before a moment, the first one before that, and its time; nil for none.
// Unpacking it takes milliseconds.
func (r *Playback[T]) At(moment time.Time) (*T, time.Time, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	i := r.partOf(moment)
	for ; i >= 0; i-- {
		p := r.parts[i]
		r.turnTo(p)
		s, at, err := p.reader.Whole(p.reader.Find(moment))
		if errors.Is(err, ErrDamaged) { // nothing before it is whole
			r.measure()
			continue
		}
		return s, at, err
	}
	s, at := r.after(moment)
	return s, at, nil
}

// partOf returns the place of the last part that begins at or before a moment; that of the first one before that.
func (r *Playback[T]) partOf(moment time.Time) int {
	i := len(r.parts) - 1
	for i > 0 && (r.parts[i].reader.Len() == 0 || r.parts[i].first().After(moment)) {
		i--
	}
	return i
}

// after returns the first whole picture after a moment. reading is held.
func (r *Playback[T]) after(moment time.Time) (*T, time.Time) {
	for _, p := range r.parts {
		if _, last := p.reader.Span(); last.Before(moment) {
			continue
		}
		r.turnTo(p)
		for i := range p.reader.Len() {
			if s, at, err := p.reader.At(i); err == nil {
				return s, at
			}
		}
	}
	return nil, time.Time{}
}

// turnTo frees what reading another part took.
func (r *Playback[T]) turnTo(p *segment[T]) {
	if r.current != nil && r.current != p {
		r.current.close()
	}
	r.current = p
}

// Next returns the time of the first picture after a moment; zero for none.
func (r *Playback[T]) Next(moment time.Time) time.Time {
	r.reading.Lock()
	defer r.reading.Unlock()
	for _, p := range r.parts {
		if _, last := p.reader.Span(); last.After(moment) {
			return p.reader.After(moment)
		}
	}
	return time.Time{}
}

// Follow takes in what is recorded still, until ctx ends.
func (r *Playback[T]) Follow(ctx context.Context) {
	for pause.For(ctx, followEvery) {
		r.refresh() //nolint:errcheck // what is there stays
	}
}

// Close closes the files.
func (r *Playback[T]) Close() {
	r.reading.Lock()
	defer r.reading.Unlock()
	for _, p := range r.parts {
		p.close()
	}
	r.current = nil
}
