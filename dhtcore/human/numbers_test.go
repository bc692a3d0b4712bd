package human

import (
	"testing"
	"time"
)

func TestLongTimesHaveTwoUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{9 * time.Second: "9 s", 12 * time.Minute: "12 m", 3*time.Hour + 10*time.Minute: "3 h 10 m",
		47*time.Hour + 59*time.Minute: "47 h 59 m", 50 * time.Hour: "2 d 2 h", 0: "now"} {
		if got := string(AppendLong(nil, d)); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Plural(1, "node", "nodes"), "node"}, {Plural(0, "node", "nodes"), "nodes"}, {Plural(uint64(2), "node", "nodes"), "nodes"},
		{Count(-3), "0"}, {Count(uint64(12408)), "12,408"},
		{Bytes(0), "0 B"}, {Bytes(12408), "12,408 B"}, {Bytes(3_900_000_000), "3.9 GB"}, {Bytes(-1), "0 B"},
		{BinarySize(512), "512 B"}, {BinarySize(256 << 10), "256 KiB"}, {BinarySize(4 << 20), "4 MiB"}, {BinarySize(1536), "1536 B"},
		{Percent(0.847), "85 %"}, {Decimal(0.94), "0.9"}, {Ratio(0.861), "0.86"}, {Ratio(12.4), "12"}, {Rounded(0.6), "1"},
		{Ago(300 * time.Millisecond), "just now"}, {Ago(3 * time.Second), "3 s ago"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
