package dhtcore

import (
	"testing"
	"time"
)

func TestASnapshotIsSharedUntilSomethingMoves(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	now := time.Now().Truncate(time.Second).Add(time.Second)
	first := e.snapshots.snapshot(now)
	if again := e.snapshots.snapshot(now.Add(freshFor / 2)); again != first {
		t.Error("a fresh picture was made anew")
	}
	if again := e.snapshots.snapshot(now.Add(2 * freshFor)); again != first {
		t.Error("a picture was made anew though nothing moved")
	}
	e.Note("something")
	second := e.snapshots.snapshot(now.Add(3 * freshFor))
	if second == first || second.Revision != first.Revision+1 || len(second.Events) != len(first.Events)+1 {
		t.Errorf("revision %d after %d, %d events after %d", second.Revision, first.Revision, len(second.Events), len(first.Events))
	}
	if third := e.snapshots.snapshot(now.Add(time.Second)); third == second {
		t.Error("ages stand still")
	}
	v := e.NewViewer()
	defer v.Close()
	watchHash(t, v, ID{1})
	if fourth := v.snapshot(now.Add(time.Second + 2*freshFor)); fourth.Detail == nil {
		t.Error("the detail that was asked for waits for something to move")
	}
}

func TestTheNoticeOfASnapshotIsTheMostImportantOne(t *testing.T) {
	s := Snapshot{}
	if s.Notice() != "" {
		t.Errorf("%q with none", s.Notice())
	}
	if s.Notices = []string{"first", "second"}; s.Notice() != "first" {
		t.Errorf("%q of %q", s.Notice(), s.Notices)
	}
}
