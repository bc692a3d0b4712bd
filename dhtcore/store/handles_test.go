package store

import "testing"

func TestAHandleFindsItsValueUntilItIsReleased(t *testing.T) {
	var h handles[string]
	a, b := "a", "b"
	first, releaseFirst := h.add(&a)
	second, releaseSecond := h.add(&b)
	if first == second || first == 0 || second == 0 {
		t.Fatalf("handles %d and %d; want two that are not 0", first, second)
	}
	if h.get(first) != &a || h.get(second) != &b || h.get(0) != nil || h.get(second+1) != nil {
		t.Error("a handle finds another value than its own")
	}
	releaseFirst()
	if h.get(first) != nil || h.get(second) != &b {
		t.Error("a release does not take back its own handle alone")
	}
	releaseSecond()
}
