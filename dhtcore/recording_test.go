package dhtcore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
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

func TestAFullDiskEndsTheRecordingAlone(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full: ", err)
	}
	r := &recording{Record: Record{Path: "/dev/full"}, file: &recordFile{file: full, path: "/dev/full"}}
	r.state.Path = r.Path
	if r.file.writer, err = record.NewAppender[Snapshot](r.file); err != nil {
		t.Fatal(err)
	}
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	e.recorder.disk = r
	now := e.started
	for range 2 {
		now = now.Add(time.Second)
		e.recorder.record(now)
	}
	s := e.snapshots.snapshot(now.Add(time.Second))
	if s.Recording == nil || s.Recording.Ended != "no space left on device" || !strings.Contains(s.Notice(), "The recording to /dev/full has ended: no space left on device. Once that is mended") {
		t.Errorf("%+v, %q", s.Recording, s.Notices)
	}
	warned := 0
	for _, w := range s.Warnings {
		if strings.Contains(w.Text, "/dev/full") {
			warned++
		}
	}
	if _, last := e.Past().Span(); warned != 1 || last.Before(e.started) {
		t.Errorf("%d warnings, and memory goes to %s", warned, last)
	}
	if f := diagnoseRecording(s.Recording); f.Verdict != VerdictFail {
		t.Errorf("the doctor: %+v", f)
	}
}

func TestABlockThatDoesNotFitIsCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	r := recordTo(t, Record{Path: path})
	mustWrite(t, r, 1)
	whole := r.file.size
	if _, err := r.file.file.Write([]byte("half a block")); err != nil { // as a disk that is full lets pass
		t.Fatal(err)
	}
	r.file.file.Close()
	if r.file.file, _ = os.Open(path); r.write(seen(2)) == "" { // which cannot be written to
		t.Fatal("no trouble")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	cut := &recordFile{file: f, size: whole}
	f.Close()
	if _, err := cut.Write(nil); err == nil {
		t.Fatal("a closed file takes bytes")
	}
	mustWrite(t, recordTo(t, Record{Path: path}), 3) // the half block is passed over
	wantPlayed(t, path, 1, 3)
}

func TestAFileEndsAtItsLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	r := recordTo(t, Record{Path: path, Max: 1000})
	trouble := ""
	for s := 1; trouble == "" && s < 60; s++ {
		trouble = r.write(seen(s))
	}
	if !strings.Contains(trouble, "as large as --record-max lets it be. Pass --record DIR") {
		t.Error(trouble)
	}
	if info, err := os.Stat(path); err != nil || info.Size() < 1000 || info.Size() > 2000 {
		t.Errorf("%v, %v", info, err)
	}
}

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

// recordedEnv makes the test program one that records to the file that it names, and says what it has written.
const recordedEnv = "DHTOP_RECORDING_CHILD"

func TestAKilledProgramLosesNoSecondThatItHasRecorded(t *testing.T) {
	if path := os.Getenv(recordedEnv); path != "" {
		r, err := openRecording(Record{Path: path}, time.Now())
		for i := 1; err == nil; i++ {
			r.write(seen(i))
			fmt.Println("seen", i)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "a")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), recordedEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Sscanf(lines.Text(), "seen %d", &said) //nolint:errcheck // another line
		if said == 200 {
			cmd.Process.Kill() //nolint:errcheck // and read what it has said until then
		}
	}
	cmd.Wait() //nolint:errcheck // it was killed
	if got := played(t, path); said < 200 || len(got) < said {
		t.Errorf("it has recorded %d seconds, of which %d are left", said, len(got))
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
