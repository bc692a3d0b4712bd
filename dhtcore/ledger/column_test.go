package ledger

import "testing"

func TestTheNumberOfARowInAColumnIsWhatTopBySortsBy(t *testing.T) {
	l, now := lived(300)
	names := map[string]bool{}
	for c := range Columns {
		if names[c.String()] || c.String() == "" {
			t.Errorf("column %d is called %q", c, c)
		}
		names[c.String()] = true
		rows := l.TopBy(c, !c.Ascending(), 300, now)
		if len(rows) == 0 {
			t.Fatalf("no rows by %s", c)
		}
		for i := range rows[1:] {
			if before, after := c.Of(&rows[i]), c.Of(&rows[i+1]); before < after {
				t.Fatalf("by %s rank %d has %v and rank %d has %v", c, i+1, before, i+2, after)
			}
		}
	}
	if !ByName.Ascending() || !ByInfoHash.Ascending() || ByRequests.Ascending() {
		t.Error("names and hashes begin with the least, numbers with the most")
	}
}
