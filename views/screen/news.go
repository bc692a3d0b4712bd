package screen

import (
	"slices"

	"dhtop/dhtcore"
)

func countNews(_ *State, s *dhtcore.Snapshot) int { return len(s.News.Items) }

func newsPins(_ *State, s *dhtcore.Snapshot) func(row int) Pin {
	return func(row int) Pin { return Pin{ID: s.News.Items[row].Hash, At: s.News.Items[row].At.UnixNano()} }
}

// newsItem is the selected news; nil for none.
func (st *State) newsItem(s *dhtcore.Snapshot) *dhtcore.NewsItem {
	if len(s.News.Items) == 0 {
		return nil
	}
	return &s.News.Items[Clamp(st.Lists[NewsList].Row, len(s.News.Items))]
}

// newsHash is the hash of the selected news.
func newsHash(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if n := st.newsItem(s); n != nil {
		return n.Hash, NameOf(s, n.Hash), true
	}
	return hash, "", false
}

// ShowHash selects a hash in the ranking, and reports whether it is among its hashes.
func (st *State) ShowHash(s *dhtcore.Snapshot, hash dhtcore.ID) bool {
	is := func(h dhtcore.HashRow) bool { return h.InfoHash == hash }
	if rows := st.HashRows(s); !rows.Open() && slices.ContainsFunc(rows.Folded, is) {
		st.TurnFold(s)
	}
	rows := st.HashRows(s)
	i := slices.IndexFunc(rows.Hashes, is)
	if i >= 0 {
		st.Opened = dhtcore.ID{}
		st.Select(s, HashList, rows.row(i))
	}
	return i >= 0
}

func overviewList(st *State) List {
	if st.News {
		return NewsList
	}
	return HashList
}
