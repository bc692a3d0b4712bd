package ui

import (
	"sync/atomic"
	"testing"
	"time"
)

// TestTheProgressOfAnExportGivesWayToTheAnswerToAKey has an export that a slow disk keeps waiting.
func TestTheProgressOfAnExportGivesWayToTheAnswerToAKey(t *testing.T) {
	play(t, func(s *stage) {
		x := export{path: "/slow/top.csv", written: new(atomic.Int64)}
		s.m.exporting = append(s.m.exporting, x)
		s.show(s.snap)
		s.sees("writing /slow/top.csv: 0 bytes so far")
		x.written.Store(12_408)
		s.keys("c")
		s.show(s.snap)
		s.sees("crawl started")
		time.Sleep(toastFor + time.Second)
		s.show(s.snap)
		s.sees("writing /slow/top.csv: 12,408 bytes so far")
		s.send(exportedMsg{export: x})
		time.Sleep(toastFor + time.Second)
		s.show(s.snap)
		s.sees("? help") // nothing is written any more
	})
}
