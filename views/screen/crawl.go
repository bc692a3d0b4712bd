package screen

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
	"dhtop/views/text"
)

// Crawled reports whether a crawl has anything to show.
func Crawled(s *dhtcore.Snapshot) bool { return s.Crawl.Running || s.Crawl.Packets > 0 }

// KeyCells is how many cells the keyspace has, and how many parts each cell has.
const KeyCells = len(CrawlCells{})

// CrawlCells are the parts of the keyspace, or of one part of it, by a byte of the IDs in them.
type CrawlCells = [256]dhtcore.CrawlCell

// StripRows is how many rows of the strip count as a screen: a list's rows, over StripRows, are a row's cells.
const StripRows = 4

// Cell is the selected cell of the keyspace, by the first byte of the IDs in it.
func (st *State) Cell() byte { return byte(Clamp(st.Lists[CellList].Row, KeyCells)) }

// Cells are what the strip shows, and the list that the keys move in it.
func (st *State) Cells(s *dhtcore.Snapshot) (*CrawlCells, List) {
	if st.Parts != nil {
		return st.Parts, PartList
	}
	return &s.Crawl.Cells, CellList
}

// SweptCell is the cell, of those that the strip shows, that is swept now: -1 before the first of them and without
// a sweep, KeyCells after the last.
func (st *State) SweptCell(s *dhtcore.Snapshot) int {
	c := &s.Crawl
	switch {
	case c.Sweep == 0:
		return -1
	case c.Resting:
		return KeyCells
	case st.Parts == nil:
		return int(c.Cursor[0])
	case c.Cursor[0] == st.Cell():
		return int(c.Cursor[1])
	case c.Cursor[0] < st.Cell():
		return -1
	default:
		return KeyCells
	}
}

// ShownCells are the cells of the keyspace that are shown, and the prefix that all IDs in them share.
func (st *State) ShownCells(s *dhtcore.Snapshot) (cells *CrawlCells, prefix []byte) {
	if st.Parts != nil {
		return st.Parts, []byte{st.Cell()}
	}
	return &s.Crawl.Cells, nil
}

// cellLine is a cell of the keyspace, as a filter sees it.
type cellLine struct {
	*dhtcore.CrawlCell
	first byte // of the IDs in it
}

// cellColumns is what filters can ask of a cell.
var cellColumns = filter.Table[cellLine]{
	textColumn("cell", "first byte of the IDs in it", func(dst []byte, r *cellLine) []byte { return text.AppendHex(dst, r.first) }, "hash", "id"),
	numberColumn("nodes", "nodes known", func(r *cellLine) int { return r.Nodes }),
	numberColumn("asked", "of them, asked", func(r *cellLine) int { return r.Asked }),
	numberColumn("speaking", "of those, speak BEP 51", func(r *cellLine) int { return r.Speaking }, "bep51"),
	numberColumn("hashes", "in their samples", func(r *cellLine) int { return r.Hashes }),
}

// siftCells empties the cells that do not pass: those that do stay where they are.
func siftCells(_ *State, s *dhtcore.Snapshot, passes func(*cellLine) bool) {
	var line cellLine
	for i := range s.Crawl.Cells {
		if line = (cellLine{&s.Crawl.Cells[i], byte(i)}); !passes(&line) {
			s.Crawl.Cells[i] = dhtcore.CrawlCell{}
		}
	}
}

func allCells(*State, *dhtcore.Snapshot) int { return KeyCells }

func passedCells(_ *State, s *dhtcore.Snapshot) (n int) {
	for i := range s.Crawl.Cells {
		if s.Crawl.Cells[i] != (dhtcore.CrawlCell{}) {
			n++
		}
	}
	return n
}

func whyNoCells(_ *State, s *dhtcore.Snapshot) string {
	if !Crawled(s) {
		return "the crawl is off: c starts it"
	}
	return ""
}

func whyNoCrawl(_ *State, s *dhtcore.Snapshot) string {
	if !Crawled(s) {
		return "the crawl has found nothing yet: c starts it"
	}
	return ""
}
