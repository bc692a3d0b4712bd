package screen

import "dhtop/dhtcore"

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

// ShowHash selects a hash in the ranking, and reports whether it is listed.
func (st *State) ShowHash(s *dhtcore.Snapshot, hash dhtcore.ID) bool {
	rows := st.Ranked(s)
	for i := range rows {
		if rows[i].InfoHash == hash {
			st.Select(s, HashList, i)
			return true
		}
	}
	return false
}

func overviewList(st *State) List {
	if st.News {
		return NewsList
	}
	return HashList
}
