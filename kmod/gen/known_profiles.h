static const u8 bridgefw_known_profiles[][32] = { { 0 } };
