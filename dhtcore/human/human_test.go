package human

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestNumbersReadAsPeopleWriteThem(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 12408: "12,408", 999999: "999,999",
		1e6: "1.0 M", 1204118: "1.2 M", 99.94e6: "99.9 M", 412e6: "412 M", 999.6e6: "1.0 G", math.MaxUint64: "18.4 E"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for f, want := range map[float64]string{0: "0", -1: "0", math.NaN(): "0", 0.42: "0.4", 9.94: "9.9", 9.97: "10", 61.3: "61",
		999.4: "999", 999.6: "1.0 k", 1840: "1.8 k", 184e3: "184 k", 3e6: "3.0 M", math.Inf(1): "+Inf E"} {
		if got := Rate(f); got != want {
			t.Errorf("Rate(%v) = %q, want %q", f, got, want)
		}
	}
}

func TestTimesReadAsPeopleSayThem(t *testing.T) {
	for d, want := range map[time.Duration]string{-1: "now", 0: "now", 3 * time.Second: "3 s", 12 * time.Minute: "12 m",
		4 * time.Hour: "4 h", 47 * time.Hour: "47 h", 50 * time.Hour: "2 d"} {
		if got := Age(d); got != want {
			t.Errorf("Age(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 ms", 340 * time.Microsecond: "0.3 ms", 42 * time.Millisecond: "42 ms",
		410 * time.Millisecond: "0.41 s", 12300 * time.Millisecond: "12.3 s", 3 * time.Minute: "3 m"} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{-1: "0", 0: "0", 340 * time.Microsecond: "0.3", 410 * time.Millisecond: "410"} {
		if got := Millis(d); got != want {
			t.Errorf("Millis(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestAppendFormsDoNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() {
		b := AppendCount(buf[:0], 12408)
		b = AppendRate(b, 61.3)
		b = AppendAge(b, time.Hour)
		b = AppendDuration(b, time.Second)
		_ = AppendMillis(b, time.Second)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSentencesAndListsOfPhrases(t *testing.T) {
	for s, want := range map[string]string{"": "", "a b": "A b", "IPv6 x": "IPv6 x"} {
		if got := Capital(s); got != want {
			t.Errorf("Capital(%q) is %q", s, got)
		}
	}
	all := []string{"a", "b", "c", "d"}
	for most, want := range map[int]string{4: "a b c d", 3: "a b c and 1 more", 2: "a b and 2 more"} {
		if got := strings.Join(Some(all, most), " "); got != want {
			t.Errorf("Some(%d) is %q", most, got)
		}
	}
	if strings.Join(all, " ") != "a b c d" {
		t.Errorf("the list was changed: %q", all)
	}
}
