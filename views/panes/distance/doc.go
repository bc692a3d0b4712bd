// Package distance works out the XOR distance of two IDs, step by step, for those who learn Kademlia.
package distance
