// Package distance explains the XOR distance of two IDs step by step, for people who are learning Kademlia.
package distance
