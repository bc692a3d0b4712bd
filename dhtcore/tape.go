package dhtcore

import (
	"time"

	"dhtop/dhtcore/record"
)

// The tracks of a Tape: the last minutes second by second, the last hours in less detail. With their sizes they reach back
// further on a quiet node than on a busy one.
const (
	tapeRecent = time.Second
	tapeHours  = 10 * time.Second
	tapeLong   = time.Minute
)

// How many bytes a Tape holds.
const (
	tapeSize     = 16 << 20
	tapeDemoSize = 6 << 20 // beside the many nodes of the demo
)

func (c *Config) tapeSize() int {
	if c.Demo != nil {
		return tapeDemoSize
	}
	return tapeSize
}

// tapeTracks share so many bytes: of what has changed in ten seconds there is nearly as much as of a minute, and five times
// as much as of a second.
func tapeTracks(size int) (recent, older []record.Track) {
	return []record.Track{{Every: tapeRecent, Group: time.Minute, Size: size / 4}},
		[]record.Track{
			{Every: tapeHours, Group: 10 * time.Minute, Size: size * 3 / 8},
			{Every: tapeLong, Group: time.Hour, Size: size * 3 / 8},
		}
}

// Tape is what an Explorer has seen, a Snapshot a second and fewer of long ago, in bounded memory. Its methods are safe for
// concurrent use.
type Tape struct {
	recent *record.Tape[Snapshot] // with packets where they are recorded
	older  *record.Tape[Snapshot] // without packets, which would leave room for nothing else
}

func newTape(size int) *Tape {
	recent, older := tapeTracks(size)
	return &Tape{record.NewTape[Snapshot](recent...), record.NewTape[Snapshot](older...)}
}

// add adds the newest Snapshot.
func (t *Tape) add(s *Snapshot) error {
	at := s.At.Round(0) // the wall clock: the other one stands still while the machine sleeps
	if err := t.recent.Add(at, s); err != nil {
		return err
	}
	if s.Packets.Log != nil {
		plain := *s
		plain.Packets.Log = nil
		s = &plain
	}
	return t.older.Add(at, s)
}

// Span returns the times of the oldest and the newest Snapshot; zero for none.
func (t *Tape) Span() (first, last time.Time) {
	first, _ = t.older.Span()
	if from, _ := t.recent.Span(); first.IsZero() || from.Before(first) {
		first = from
	}
	_, last = t.recent.Span()
	return first, last
}

// At returns the last Snapshot at or before a moment, the oldest one before that, and its time; nil for none. Unpacking
// it takes milliseconds.
func (t *Tape) At(moment time.Time) (*Snapshot, time.Time, error) {
	if from, _ := t.recent.Span(); from.IsZero() || moment.Before(from) {
		if s, at, err := t.older.At(moment); s != nil || err != nil {
			return s, at, err
		}
	}
	return t.recent.At(moment)
}

// Size returns how many bytes it holds.
func (t *Tape) Size() int { return t.recent.Size() + t.older.Size() }

// Playback is what was recorded by some Explorer, in one file or several, as a Tape is what this one has seen.
type Playback = record.Playback[Snapshot]

// ErrNoRecording is the error of a file that is none.
var ErrNoRecording = record.ErrNoRecording

// OpenPlayback opens recordings, which are played one after another: files, and directories of them. The error of a
// file that is none is ErrNoRecording. Close it.
func OpenPlayback(paths ...string) (*Playback, error) { return record.OpenPlayback[Snapshot](paths...) }
