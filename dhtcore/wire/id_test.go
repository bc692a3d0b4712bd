package wire

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

func TestAnIDIsReadBackFromItsText(t *testing.T) {
	id := RandomID()
	for _, s := range []string{id.String(), strings.ToUpper(id.String())} {
		if got, err := ParseID(s); err != nil || got != id {
			t.Errorf("%s: %s, %v", s, got, err)
		}
	}
	text, err := json.Marshal(map[ID]ID{id: id})
	if err != nil {
		t.Fatal(err)
	}
	var back map[ID]ID
	if err := json.Unmarshal(text, &back); err != nil || back[id] != id {
		t.Errorf("%s: %v, %v", text, back, err)
	}
}

func TestAnIDOfOtherTextIsRefusedWithTheReason(t *testing.T) {
	for s, want := range map[string]string{
		"":                       "0 characters: want 40 hexadecimal digits",
		strings.Repeat("a", 39):  "39 characters: want 40 hexadecimal digits",
		strings.Repeat("a", 41):  "41 characters: want 40 hexadecimal digits",
		strings.Repeat("é", 20):  `"` + strings.Repeat("é", 20) + `" is not hexadecimal`,
		strings.Repeat("a ", 20): `"` + strings.Repeat("a ", 20) + `" is not hexadecimal`,
	} {
		if id, err := ParseID(s); err == nil || err.Error() != want || !id.Zero() {
			t.Errorf("%q: %s, %v", s, id, err)
		}
	}
}

func TestDistancesAreThoseOfTheXORMetric(t *testing.T) {
	number := func(id ID) *big.Int { return new(big.Int).SetBytes(id[:]) }
	for range 1000 {
		target, x, y := RandomID(), RandomID(), RandomID()
		if x[0]&1 == 0 {
			copy(y[:], x[:x[1]%20]) // a long common prefix
		}
		dx, dy := Distance(target, x), Distance(target, y)
		if want := new(big.Int).Xor(number(target), number(x)); number(dx).Cmp(want) != 0 {
			t.Fatalf("distance of %s and %s: %s", target, x, dx)
		}
		if got, want := CompareDistance(target, x, y), number(dx).Cmp(number(dy)); sign(got) != want || sign(dx.Compare(dy)) != want {
			t.Fatalf("target %s: %s against %s is %d, want %d", target, x, y, got, want)
		}
		if got, want := SharedBits(target, x), IDBits-number(dx).BitLen(); got != want {
			t.Fatalf("%s and %s share %d bits, want %d", target, x, got, want)
		}
	}
	if id := RandomID(); SharedBits(id, id) != IDBits || CompareDistance(id, id, id) != 0 {
		t.Error("an ID is not at distance 0 from itself")
	}
}

func sign(n int) int { return min(max(n, -1), 1) }
