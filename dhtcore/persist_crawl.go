package dhtcore

import (
	"errors"
	"fmt"
	"io/fs"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/crawl"
)

// crawlFile keeps the checkpoint of the crawl: its cursor, and the intervals of the nodes that it asked, which
// the next run obeys too.
const crawlFile = "sweep.state"

// maxCrawlFile is more than the records of all nodes that a crawl remembers take.
const maxCrawlFile = 256 << 20

// crawlSaver keeps the crawl from one run to the next.
type crawlSaver struct {
	crawl   *crawl.Crawl
	path    string // "" to keep nothing
	notices *notices
}

// restore takes up the crawl where the last run left it. If the checkpoint cannot be used, the crawl starts
// over.
func (s *crawlSaver) restore() {
	if s.path == "" {
		return
	}
	if err := s.read(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.notices.warn("the crawl starts over: " + err.Error())
	}
}

func (s *crawlSaver) read() error {
	checkpoint, _, err := atomicfile.Read(s.path, maxCrawlFile)
	if err != nil {
		return err
	}
	return s.crawl.Restore(checkpoint)
}

// save writes the checkpoint, if anything was crawled.
func (s *crawlSaver) save() error {
	if s.path == "" {
		return nil
	}
	if stats := s.crawl.Stats(); stats.Sweep == 0 && stats.NodesAsked == 0 {
		return nil
	}
	if err := atomicfile.Write(s.path, s.crawl.Checkpoint(), 0o600); err != nil {
		err = fmt.Errorf("cannot save the checkpoint of the crawl: %w", err)
		s.notices.set(aboutTable, err.Error())
		return err
	}
	return nil
}
