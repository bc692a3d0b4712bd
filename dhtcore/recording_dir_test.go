package dhtcore

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestADirectoryKeepsTheNewestRecordings(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "recordings") + "/"
	r := recordTo(t, Record{Path: dir, Max: 8000})
	for _, name := range []string{"notes.txt", "dhtop-yesterday.dhtrec", "dhtop-2026-01-01T00-00-00Z.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 9000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := recordTo(t, Record{Path: dir, Max: 0}) // of another program, oldest of all
	mustWrite(t, other, 0)
	begin := func(s *Snapshot, hours int) *Snapshot { s.At = s.At.Add(time.Duration(hours) * time.Hour); return s }
	for i := range 200 {
		if trouble := r.write(begin(seen(i), 10+i/20)); trouble != "" {
			t.Fatal(trouble)
		}
	}
	files, err := r.dir.files()
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, f := range files {
		sum += f.size
	}
	if sum > 9000 || len(files) < 3 {
		t.Errorf("%d bytes in %d files", sum, len(files))
	}
	if all, _ := os.ReadDir(dir); len(all) != len(files)+3 {
		t.Errorf("%d files, of which %d are recordings: other files were removed", len(all), len(files))
	}
	if _, err := os.Stat(other.state.Path); err != nil {
		t.Errorf("the recording of another program was removed: %v", err)
	}
	if last := files[len(files)-1]; last.path != r.state.Path {
		t.Errorf("%s is written, and the newest is %s", r.state.Path, last.path)
	}
	revisions := played(t, r.state.Path)
	if revisions[len(revisions)-1] != 199 {
		t.Errorf("the last file has %v", revisions)
	}
}

func TestAFileThatWasMovedIsFollowedByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	r := recordTo(t, Record{Path: path})
	mustWrite(t, r, 1)
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, r, 2, 40)
	wantPlayed(t, path+".1", 1, 2)
	wantPlayed(t, path, 40)
}

func TestWhereItIsRecordedChangesWhileItRuns(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	now := e.started
	use := func(name string, want bool) {
		t.Helper()
		c := Record{Packets: want}
		if name != "" {
			c.Path = filepath.Join(dir, name)
		}
		if err := e.SetRecord(c); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		e.recorder.record(now)
	}
	use("a", false)
	use("b", true)
	use("b", false) // as a hangup does, with another setting
	if err := e.SetRecord(Record{Path: filepath.Join(dir, "missing", "c")}); err == nil {
		t.Error("no error")
	}
	use("b", false)
	use("", false)
	if n := len(played(t, filepath.Join(dir, "a"))); n != 1 {
		t.Errorf("%d pictures in a", n)
	}
	if n := len(played(t, filepath.Join(dir, "b"))); n != 3 {
		t.Errorf("%d pictures in b", n)
	}
	if s := e.snapshots.snapshot(now.Add(time.Second)); s.Recording != nil {
		t.Errorf("%+v", s.Recording)
	}
}
