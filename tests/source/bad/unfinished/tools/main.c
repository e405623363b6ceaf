/* TODO: write the rest */
