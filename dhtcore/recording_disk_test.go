package dhtcore

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/record"
)

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
	if f := finding(s, "recording"); f.Verdict != doctor.Fail {
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
