package ledger

import (
	"slices"
	"time"
)

// Alike reports whether two info_hashes look alike to a person who compares their ends: the first 10 and the last 5
// hexadecimal digits are equal. They are two torrents all the same. As chance makes such a pair once in 2^60, it is
// a sign of tampering, or of a typo.
func Alike(a, b [20]byte) bool { return likenessOf(&a) == likenessOf(&b) }

// likeness is the digits that Alike compares: 5 bytes, and 20 bits.
type likeness [8]byte

func likenessOf(hash *[20]byte) (l likeness) {
	copy(l[:5], hash[:5])
	l[5], l[6], l[7] = hash[17]&0x0f, hash[18], hash[19]
	return l
}

// Related returns the accounts of hashes that look like hash, without itself, by rank, at most limit and MaxRelated
// of them. It looks at one shard of the index, some three hundred entries of a million.
func (l *Ledger) Related(hash [20]byte, limit int, now time.Time) []HashRow {
	key, v := l.index.key(&hash), l.epoch.instantAt(now)
	l.lock()
	defer l.mu.Unlock()
	var alike []ranked
	l.eachAlike(key, &hash, func(a *account, place uint32) bool {
		alike = append(alike, l.rankedOf(a, place))
		return len(alike) < MaxRelated
	})
	slices.SortFunc(alike, func(a, b ranked) int {
		if above(&l.accounts, &a, &b) {
			return -1
		}
		return 1
	})
	rows := make([]HashRow, min(len(alike), max(limit, 0)))
	none := 0
	for i := range rows {
		l.fill(&rows[i], alike[i].place, &v, &none)
		rows[i].Related = l.related(&rows[i].InfoHash)
	}
	return rows
}

// eachAlike calls f with each account that looks like hash until f returns false.
func (l *Ledger) eachAlike(k key, hash *[20]byte, f func(a *account, place uint32) bool) {
	for _, e := range l.index.home(k).Slots() {
		if e.Value == 0 || e.Tag&likenessMask != k.alike() {
			continue
		}
		if a := l.accounts.at(e.Value - 1); Alike(a.hash, *hash) && a.hash != *hash && !f(a, e.Value-1) {
			return
		}
	}
}

// MaxRelated is how many related hashes are counted: more make no difference.
const MaxRelated = 99

func (l *Ledger) related(hash *[20]byte) (n int) {
	l.eachAlike(l.index.key(hash), hash, func(*account, uint32) bool {
		n++
		return n < MaxRelated
	})
	return n
}

// relatedPerTop is for how many of its rows, in turn, Top counts the related hashes again.
const relatedPerTop = 8

func (l *Ledger) refreshRelated(n int) {
	t := &l.top
	for range min(n, relatedPerTop) {
		t.relatedTurn = (t.relatedTurn + 1) % n
		member := t.order[t.relatedTurn]
		t.related[member] = uint8(l.related(&l.accounts.at(t.members[member].place).hash))
	}
}
