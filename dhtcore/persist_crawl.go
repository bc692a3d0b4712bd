package dhtcore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// sweepFile keeps the place of the crawl and the intervals of the nodes that it asked, so that they are
// obeyed by the next run too.
const sweepFile = "sweep.state"

// maxSweepFile is more than the records of all nodes that a crawl remembers take.
const maxSweepFile = 256 << 20

// restoreSweep takes up the crawl where the last run left it. One that cannot be read begins anew.
func (e *Explorer) restoreSweep() {
	if e.lock == nil {
		return // nothing is kept, or by another process
	}
	err := e.readSweep(filepath.Join(e.cfg.DataDir, sweepFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		e.notices.warn("the crawl begins anew: " + err.Error())
	}
}

func (e *Explorer) readSweep(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxSweepFile {
		return fmt.Errorf("%s: %d bytes are too many", path, info.Size())
	}
	state, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return e.crawl.Restore(state)
}

// saveSweep keeps the place of the crawl, if there has been one.
func (e *Explorer) saveSweep() {
	if e.lock == nil {
		return
	}
	if s := e.crawl.Stats(); s.Sweep == 0 && s.NodesAsked == 0 {
		return
	}
	if err := writeBeside(filepath.Join(e.cfg.DataDir, sweepFile), e.crawl.Checkpoint()); err != nil {
		e.notices.set(aboutTable, "the place of the crawl could not be saved: "+err.Error())
	}
}
