package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// picture is what the recordings below are of.
type picture struct {
	Revision uint64
	At       time.Time
	Notices  []string
}

var playbackNoon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// writeRecording writes pictures, one a second from a moment on, whose Revision counts them from a number on.
func writeRecording(t *testing.T, path string, from time.Time, first, n int) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter[picture](&b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		at := from.Add(time.Duration(i) * time.Second)
		if err := w.Write(at, &picture{Revision: uint64(first + i), At: at}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func openPlayback(t *testing.T, paths ...string) *Playback[picture] {
	t.Helper()
	p, err := OpenPlayback[picture](paths...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// plays fails unless the picture of a moment, in seconds after noon, has that number.
func plays(t *testing.T, p *Playback[picture], second int, want uint64) {
	t.Helper()
	s, at, err := p.At(playbackNoon.Add(time.Duration(second) * time.Second))
	if err != nil || s == nil || s.Revision != want || !s.At.Equal(at) {
		t.Fatalf("at %d s: %v of %s, %v; want picture %d", second, s, at, err, want)
	}
}

func TestADirectoryOfRecordingsPlaysInTheOrderOfTime(t *testing.T) {
	dir := t.TempDir()
	writeRecording(t, filepath.Join(dir, "b.dhtrec"), playbackNoon, 1, 10)
	writeRecording(t, filepath.Join(dir, "a.dhtrec"), playbackNoon.Add(time.Hour), 100, 10)
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not one"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := openPlayback(t, dir)
	if first, last := p.Span(); !first.Equal(playbackNoon) || !last.Equal(playbackNoon.Add(time.Hour+9*time.Second)) {
		t.Errorf("from %s to %s", first, last)
	}
	for second, want := range map[int]uint64{-5: 1, 0: 1, 5: 6, 1000: 10, 3600: 100, 3605: 105, 9000: 109} {
		plays(t, p, second, want)
	}
	for second, want := range map[int]int{-5: 0, 0: 1, 8: 9, 9: 3600, 100: 3600, 3600: 3601} {
		if next := p.Next(playbackNoon.Add(time.Duration(second) * time.Second)).Sub(playbackNoon); next != time.Duration(want)*time.Second {
			t.Errorf("after %d s the next is at %s", second, next)
		}
	}
	if next := p.Next(playbackNoon.Add(time.Hour + 9*time.Second)); !next.IsZero() {
		t.Errorf("after the last comes %s", next)
	}
}

func TestARecordingIsPlayedWhileItIsWritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.dhtrec")
	writeRecording(t, path, playbackNoon, 1, 20)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	p := openPlayback(t, dir)
	plays(t, p, 0, 1)
	if _, last := p.Span(); !last.Before(playbackNoon.Add(19 * time.Second)) {
		t.Fatalf("half of it ends at %s", last)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	writeRecording(t, filepath.Join(dir, "b.dhtrec"), playbackNoon.Add(time.Minute), 50, 2)
	if err := p.refresh(); err != nil {
		t.Fatal(err)
	}
	plays(t, p, 19, 20)
	plays(t, p, 61, 51)
	if p.Gaps() != 0 {
		t.Errorf("%d gaps", p.Gaps())
	}
}

func TestADamagedRecordingPlaysUpToTheDamageAndAfter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.dhtrec")
	writeRecording(t, path, playbackNoon, 1, 150)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 { // somewhere in the first minute
		b[len(b)/5+i] ^= 0x55
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	p := openPlayback(t, path)
	plays(t, p, 0, 1)
	plays(t, p, 75, 76)
	s, _, err := p.At(playbackNoon.Add(59 * time.Second))
	if err != nil || s.Revision < 2 || s.Revision > 58 {
		t.Errorf("before the damage: %v, %v", s, err)
	}
	if p.Gaps() != 1 {
		t.Errorf("%d gaps", p.Gaps())
	}
	b[40] ^= 1 // and in its first picture
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	plays(t, openPlayback(t, path), 30, 61)
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.dhtrec")
	if err := os.WriteFile(text, []byte("a text that is no recording at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPlayback[picture](text); !errors.Is(err, ErrNoRecording) {
		t.Errorf("a text: %v", err)
	}
	if _, err := OpenPlayback[picture](t.TempDir()); err == nil {
		t.Error("an empty directory was opened")
	}
	if _, err := OpenPlayback[picture](filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
