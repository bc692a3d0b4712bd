package dhtcore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/record"
)

// seen is the Snapshot of a second.
func seen(second int) *Snapshot {
	return &Snapshot{At: time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC), Revision: uint64(second), Nodes: make([]Vantage, 1),
		Notices: []string{fmt.Sprint("second ", second)}}
}

// played returns the Revisions in a recording.
func played(t *testing.T, path string) (revisions []uint64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.NewReader[Snapshot](f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i := range r.Len() {
		s, _, err := r.At(i)
		if err != nil {
			t.Fatal(err)
		}
		revisions = append(revisions, s.Revision)
	}
	return revisions
}

func recordTo(t *testing.T, c Record) *recording {
	t.Helper()
	r, err := openRecording(c, seen(0).At)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, r) })
	return r
}

// end closes a recording; a second time does nothing.
func end(t *testing.T, r *recording) {
	t.Helper()
	if err := r.close(); err != nil {
		t.Error(err)
	}
}

func mustWrite(t *testing.T, r *recording, seconds ...int) {
	t.Helper()
	for _, s := range seconds {
		if trouble := r.write(seen(s)); trouble != "" {
			t.Fatal(trouble)
		}
	}
}

func wantPlayed(t *testing.T, path string, want ...uint64) {
	t.Helper()
	if got := played(t, path); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s has %v, want %v", filepath.Base(path), got, want)
	}
}

func TestARecordingGoesOnInItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.dhtrec")
	first := recordTo(t, Record{Path: path})
	mustWrite(t, first, 1, 2)
	wantPlayed(t, path, 1, 2)
	if _, err := openRecording(Record{Path: path}, time.Now()); err == nil || !strings.Contains(err.Error(), "another dhtop records to it") {
		t.Errorf("a second program: %v", err)
	}
	end(t, first)
	mustWrite(t, recordTo(t, Record{Path: path}), 3)
	wantPlayed(t, path, 1, 2, 3)
	if info, _ := os.Stat(path); info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %s", info.Mode())
	}
}

func TestAnEmptyFileIsARecordingToBe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, recordTo(t, Record{Path: path}), 1)
	wantPlayed(t, path, 1)
}

func TestARecordingThatHoldsNothingLeavesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	end(t, recordTo(t, Record{Path: path}))
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestWhatCannotBeRecordedToIsRefusedWithARemedy(t *testing.T) {
	dir := t.TempDir()
	text, later, masked, plain := filepath.Join(dir, "text"), filepath.Join(dir, "later"), filepath.Join(dir, "masked"), filepath.Join(dir, "plain")
	for path, content := range map[string]string{text: "somebody's text\n", later: "dhtop recording 2\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, isMasked := range map[string]bool{masked: true, plain: false} {
		r := recordTo(t, Record{Path: path})
		s := seen(1)
		s.Masked = isMasked
		r.write(s)
		end(t, r)
	}
	for _, c := range []struct {
		path string
		mask bool
		want string
	}{
		{"-", false, "standard output"},
		{os.DevNull, false, "not a regular file"},
		{filepath.Join(dir, "missing", "a"), false, "make it first"},
		{filepath.Join(text, "a"), false, "pass a file"},
		{text, false, "not a recording"},
		{later, false, "update dhtop"},
		{masked, false, "pass another file, or --mask-ips"},
		{plain, true, "leave --mask-ips out"},
	} {
		_, err := openRecording(Record{Path: c.path, Mask: c.mask}, time.Now())
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "--record "+c.path+": ") {
			t.Errorf("%s: %v; want %q", c.path, err, c.want)
		}
	}
	if b, err := os.ReadFile(text); err != nil || string(b) != "somebody's text\n" {
		t.Errorf("the file of somebody has %q now, %v", b, err)
	}
}

func TestAMaskedRecordingIsMaskedFromTheFirstPictureOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	r := recordTo(t, Record{Path: path, Mask: true})
	s := seen(1)
	s.Nodes[0].ID = ID{1, 2, 3}
	if trouble := r.write(s); trouble != "" {
		t.Fatal(trouble)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	old, err := record.NewReader[Snapshot](f, r.file.size)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if first, _, err := old.At(0); err != nil || !first.Masked || first.Nodes[0].ID == s.Nodes[0].ID || first.Nodes[0].ID == (ID{}) {
		t.Errorf("%+v, %v", first, err)
	}
	end(t, r)
	recordTo(t, Record{Path: path, Mask: true})
}
